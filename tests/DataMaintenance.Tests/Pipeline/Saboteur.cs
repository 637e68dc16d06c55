using System.Reflection;
using DataMaintenance.Store;

namespace DataMaintenance.Tests.Pipeline;

/// <summary>A store behind which something else happens right after one kind of write: what another program, or a broken disk, would do.</summary>
public class Saboteur : DispatchProxy
{
    private IStore store = null!;
    private string write = "";
    private Func<Task> sabotage = () => Task.CompletedTask;

    /// <param name="write">The member after which <paramref name="sabotage"/> runs, before its caller goes on.</param>
    public static IStore Behind(IStore store, string write, Func<Task> sabotage)
    {
        var proxy = Create<IStore, Saboteur>();
        var saboteur = (Saboteur)(object)proxy;
        (saboteur.store, saboteur.write, saboteur.sabotage) = (store, write, sabotage);
        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        var result = targetMethod!.Invoke(store, args);
        if (targetMethod.Name != write) return result;
        return result is Task<long> counted ? AfterAsync(counted) : AfterAsync((Task)result!);
    }

    private async Task AfterAsync(Task done)
    {
        await done;
        await sabotage();
    }

    private async Task<long> AfterAsync(Task<long> done)
    {
        var result = await done;
        await sabotage();
        return result;
    }
}
