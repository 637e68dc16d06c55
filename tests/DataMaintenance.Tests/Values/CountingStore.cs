using System.Collections.Concurrent;
using System.Reflection;
using DataMaintenance.Store;

namespace DataMaintenance.Tests.Values;

/// <summary>A store that counts how often each of its members is called.</summary>
public class CountingStore : DispatchProxy
{
    private readonly ConcurrentDictionary<string, int> calls = new();
    private IStore store = null!;

    /// <param name="calls">How often the member of that name was called so far.</param>
    public static IStore Over(IStore store, out Func<string, int> calls)
    {
        var proxy = Create<IStore, CountingStore>();
        var counting = (CountingStore)(object)proxy;
        counting.store = store;
        calls = name => counting.calls.GetValueOrDefault(name);
        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        calls.AddOrUpdate(targetMethod!.Name, 1, (_, count) => count + 1);
        return targetMethod.Invoke(store, args);
    }
}
