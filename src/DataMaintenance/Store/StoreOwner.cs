using System.Text.Json;

namespace DataMaintenance.Store;

/// <summary>
/// The claim of this process on a store folder: the operating system's lock on <c>market.lock</c>, which dies with the process,
/// and <c>owner.json</c>, which says who and where. The lock decides; a paper left by a dead owner means nothing.
/// </summary>
internal sealed class StoreOwner : IDisposable
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private readonly FileStream claim;
    private readonly string paper;
    private readonly DateTimeOffset startedAt;

    private StoreOwner(FileStream claim, string paper, DateTimeOffset startedAt) => (this.claim, this.paper, this.startedAt) = (claim, paper, startedAt);

    /// <param name="file">The database file, for the message.</param>
    /// <exception cref="StoreOwnedException">Another live process, or another store of this one, has claimed the folder.</exception>
    /// <exception cref="StoreFullException">Not even the paper finds room.</exception>
    public static StoreOwner Claim(string folder, string file, TimeProvider clock)
    {
        FileStream claim;
        try
        {
            claim = new FileStream(Path.Combine(folder, "market.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (e is not (DirectoryNotFoundException or PathTooLongException) && IsSharingViolation(e))
        {
            var owner = Read(PaperIn(folder));
            throw new StoreOwnedException(file, owner?.Pid, owner?.Url);
        }
        catch (IOException e) when (StoreFullException.IsFull(e))
        {
            throw StoreFullException.Of(file, e);
        }

        var taken = new StoreOwner(claim, PaperIn(folder), clock.GetUtcNow());
        try
        {
            taken.Write(null);
            return taken;
        }
        catch (IOException e) when (StoreFullException.IsFull(e))
        {
            taken.Dispose();
            throw StoreFullException.Of(file, e);
        }
        catch
        {
            taken.Dispose();
            throw;
        }
    }

    /// <summary>Writes where this owner answers.</summary>
    public void Announce(Uri url) => Write(url);

    public void Dispose()
    {
        File.Delete(paper);
        claim.Dispose();
    }

    private void Write(Uri? url)
    {
        var fresh = paper + ".new";
        File.WriteAllText(fresh, JsonSerializer.Serialize(new Owner(Environment.ProcessId, url, startedAt), Json));
        File.Move(fresh, paper, overwrite: true);
    }

    private static Owner? Read(string paper)
    {
        try
        {
            return JsonSerializer.Deserialize<Owner>(File.ReadAllText(paper), Json);
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            // The lock says that there is an owner; only who it is stays unknown.
            return null;
        }
    }

    private static string PaperIn(string folder) => Path.Combine(folder, "owner.json");

    /// <summary>EWOULDBLOCK on Linux and macOS, ERROR_SHARING_VIOLATION on Windows.</summary>
    private static bool IsSharingViolation(IOException e) => e.HResult is 11 or 35 or unchecked((int)0x80070020);

    private sealed record Owner(int Pid, Uri? Url, DateTimeOffset StartedAt);
}
