using DataMaintenance.Provider;
using Microsoft.Extensions.Time.Testing;

namespace DataMaintenance.Tests.Provider;

/// <summary>Meets code that waits on a clock turned by hand, without waiting for a fixed time itself.</summary>
internal static class Waiting
{
    public static async Task UntilAsync(this IMarketSource source, Func<ProviderUsage, bool> reached)
    {
        while (!reached(source.Usage))
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    /// <summary>Turns the clock until the task is done; the task may reach its wait only after a first turn.</summary>
    public static async Task WhileAdvancing(this Task task, FakeTimeProvider clock, TimeSpan step)
    {
        while (!task.IsCompleted)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            clock.Advance(step);
            await Task.WhenAny(task, Task.Delay(1, TestContext.Current.CancellationToken));
        }
        await task;
    }
}
