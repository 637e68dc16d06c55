using System.Net.Sockets;
using System.Security.Authentication;
using StackExchange.Redis;

namespace DataMaintenance.Cache;

/// <summary>What is wrong with the server, in one line for people: never the client library's text, never a password.</summary>
internal static class RedisTrouble
{
    /// <summary>Whether it may be over in a moment, so that asking again is worth it.</summary>
    public static bool MayPass(Exception e) => e switch
    {
        RedisConnectionException c => Reason(c, "NOAUTH", "WRONGPASS", "NOPERM") is null,
        TimeoutException => true,
        RedisServerException s => Starts(s, "LOADING") || Starts(s, "MASTERDOWN") || Starts(s, "TRYAGAIN"),
        _ => false,
    };

    /// <param name="before">How the last attempt to connect failed, which tells more than a command that found no connection; null when it did not.</param>
    /// <param name="server">What is spoken to, for people.</param>
    /// <param name="limit">Its memory limit, for people; null when not asked or not known.</param>
    public static Exception Explain(Exception e, Exception? before, string server, bool hasPassword, string? limit)
    {
        if (e is RedisConnectionException && before is not null && !IsTold(e)) e = before;
        if (Reason(e, "NOAUTH") is not null && !hasPassword) return Away($"{server} does not answer: it asks for a password; set Redis:Password", locksOut: true);
        if (Reason(e, "NOAUTH", "WRONGPASS") is not null) return Away($"{server} does not answer: it refuses the password", locksOut: true);
        if (e is not RedisServerException refused) return Away($"{server} does not answer: {Words(e)}");
        if (Starts(refused, "LOADING")) return Away($"{server} is still reading its data from disk and takes no commands yet");
        if (Starts(refused, "MASTERDOWN")) return Away($"{server} is a replica that has lost its primary");
        return new RedisRefusedException(
            Starts(refused, "OOM") ? $"{server} has no memory left{(limit is null ? "" : $": it has reached its limit, {limit}")}; the old values are kept. Raise maxmemory or make room; the whole market needs about 100 MB"
            : Starts(refused, "READONLY") ? Replica(server)
            : Starts(refused, "MISCONF") ? $"{server} refuses writes because it could not save its last snapshot to disk (MISCONF); see to its disk and its log, or set stop-writes-on-bgsave-error no"
            : Starts(refused, "NOPERM") ? $"{server} does not allow this user a command that is needed: {Line(refused)}"
            : Starts(refused, "NOREPLICAS") ? $"{server} refuses writes because too few replicas follow it (min-replicas-to-write)"
            : $"{server} refused: {Line(refused)}", refused)
        { IsFull = Starts(refused, "OOM") };

        RedisUnavailableException Away(string message, bool locksOut = false) => new(message, e) { LocksOut = locksOut };
    }

    public static string Replica(string server) => $"{server} is a read-only replica (READONLY); point Redis:ConnectionString at its primary";

    /// <summary>Whether the exception tells why there is no connection. A socket that the client itself closed does not.</summary>
    public static bool IsTold(Exception e) =>
        Reason(e, "NOAUTH", "WRONGPASS", "NOPERM") is not null || Find<SocketException>(e) is { SocketErrorCode: not SocketError.OperationAborted } || Find<AuthenticationException>(e) is not null;

    public static bool Starts(Exception e, string word) => e is RedisServerException && e.Message.StartsWith(word, StringComparison.Ordinal);

    private static string Words(Exception e)
    {
        if (Find<AuthenticationException>(e) is not null) return "its certificate is not trusted, or is of another host; see Redis:TrustedCa and sslHost in Redis:ConnectionString";
        if (Find<SocketException>(e) is { SocketErrorCode: not SocketError.OperationAborted } socket) return $"{socket.Message}{(socket.SocketErrorCode == SocketError.ConnectionRefused ? "; is it running?" : "")}";
        return e switch
        {
            TimeoutException => "no reply came in time",
            RedisConnectionException { FailureType: ConnectionFailureType.UnableToConnect or ConnectionFailureType.UnableToResolvePhysicalConnection } => "it cannot be reached",
            RedisConnectionException => "the connection was lost",
            _ => Line(e),
        };
    }

    private static T? Find<T>(Exception e) where T : Exception
    {
        for (var cause = e; cause is not null; cause = cause.InnerException)
            if (cause is T found) return found;
        return null;
    }

    private static Exception? Reason(Exception e, params ReadOnlySpan<string> words)
    {
        for (var cause = e; cause is not null; cause = cause.InnerException)
            foreach (var word in words)
                if (cause.Message.Contains(word, StringComparison.Ordinal)) return cause;
        return null;
    }

    private static string Line(Exception e) => e.Message.ReplaceLineEndings(" ").TrimEnd('.');
}

/// <summary>Redis cannot be reached or does not let us in; the message is one line.</summary>
public sealed class RedisUnavailableException(string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>Whether it is there and refuses the password, or asks for one: no waiting mends that.</summary>
    public bool LocksOut { get; init; }
}

/// <summary>Redis answers, and will not do it: no memory left, a replica, no right to. What it held stays. The message is one line.</summary>
public sealed class RedisRefusedException(string message, Exception cause) : Exception(message, cause)
{
    /// <summary>Whether it has no memory left; reading goes on.</summary>
    public bool IsFull { get; init; }
}
