using System.Globalization;

namespace DataMaintenance.Pipeline.Reconciling;

/// <summary>Whether a reply can be the provider's word at all. A bad morning there must not overwrite a good store here.</summary>
internal static class Suspicion
{
    /// <summary>Symbols that may always vanish or differ, however few there are.</summary>
    private const int AlwaysBorne = 3;

    /// <summary>Why nothing of it is stored; null when it is believed. A person's force bears wild differences, never a torso.</summary>
    public static string? Of(IComparison found, bool force, ReconcileOptions options)
    {
        if (found.Stored > 0 && found.Told == 0) return Invariant($"it holds nothing, {found.Stored:N0} symbols are stored");
        if (found.Vanished.Count > Borne(found, options.MostVanished))
            return Invariant($"it lacks {found.Vanished.Count:N0} of the {found.Stored:N0} symbols stored, at most {Borne(found, options.MostVanished):N0} expected: {Names.List(found.Vanished.Select(s => s.Text))}");
        return !force && found.Wild.Count > Borne(found, options.MostWild)
            ? Invariant($"{found.Wild.Count:N0} of the {found.Stored:N0} symbols stored differ by more than {options.WildPrice:P0} in a price or {options.WildVolume:P0} in volume, at most {Borne(found, options.MostWild):N0} expected: {Names.List(found.Wild.Select(s => s.Text))}")
            : null;
    }

    private static int Borne(IComparison found, double share) => Math.Max(AlwaysBorne, (int)(share * found.Stored));

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
