using System.Data.Common;
using System.Net.Sockets;
using DataMaintenance.Provider;

namespace DataMaintenance.Pipeline;

/// <summary>Tells a system that does not answer from work that went wrong.</summary>
public static class Unreachable
{
    /// <summary>Whether the provider, Redis or the database could not be reached, as far as the exception tells.</summary>
    public static bool Is(Exception e)
    {
        for (var cause = e; cause is not null; cause = cause.InnerException)
        {
            if (cause is ProviderException { Fault: ProviderFault.Unavailable } or Cache.RedisUnavailableException or Store.StoreUnreachableException or SocketException or HttpRequestException) return true;
            if (cause is DbException { IsTransient: true, SqlState: null } or DbException { SqlState: ['5', '7', 'P', ..] or ['0', '8', ..] }) return true;
        }

        return false;
    }
}
