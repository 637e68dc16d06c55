namespace Simulator.Rest;

internal static class SkipPastExtension
{
    /// <summary>Passes over the items up to and including the one that is met, as long as they are in the run it can be in.</summary>
    internal static IEnumerable<T> SkipPast<T>(this IEnumerable<T> items, Func<T, bool> inRun, Func<T, bool> met)
    {
        var past = false;
        foreach (var item in items)
        {
            if (!past && inRun(item))
            {
                past = met(item);
                continue;
            }
            past = true;
            yield return item;
        }
    }
}
