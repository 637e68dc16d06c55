using System.Globalization;
using System.Text.RegularExpressions;
using DuckDB.NET.Data;

namespace DataMaintenance.Store;

/// <summary>What DuckDB's errors mean for people: the library tells them apart by their text only.</summary>
/// <param name="file">The database file.</param>
internal sealed partial class DuckDbTrouble(string file)
{
    public string File => file;

    /// <summary>Whether DuckDB takes no more commands on this file until it is opened again. What was committed is kept.</summary>
    public static bool EndsWork(DuckDBException e) =>
        e.Message.Contains("has been invalidated", StringComparison.Ordinal) || e.Message.Contains("FATAL Error", StringComparison.Ordinal) || e.Message.Contains("Failed to create checkpoint", StringComparison.Ordinal);

    /// <summary>The error in one line; errors of our own SQL pass as they are.</summary>
    /// <param name="writing">Whoever only reads is cut off by what somebody else wrote.</param>
    public Exception Told(DuckDBException e, bool writing) =>
        EndsWork(e) && !(writing && StoreFullException.IsFull(e)) ? new StoreUnreachableException($"{file} is opened again, since it could not be written: {Line(e)}; what was committed is kept", e)
        : StoreFullException.IsFull(e) ? StoreFullException.Of(file, e)
        : e;

    public StoreException NotOpened(DuckDBException e)
    {
        if (e.Message.Contains("Could not set lock", StringComparison.Ordinal))
            return new StoreOwnedException(file, HolderPattern().Match(e.Message) is { Success: true } holder ? int.Parse(holder.ValueSpan[4..], CultureInfo.InvariantCulture) : null, null);
        return StoreFullException.IsFull(e) ? StoreFullException.Of(file, e)
            : new StoreException($"{file} cannot be opened as a DuckDB database: {Line(e)} Move the file away, or restore it, or set another Store:Path", e);
    }

    private static string Line(Exception e) => e.Message.ReplaceLineEndings(" ").Trim();

    [GeneratedRegex(@"PID \d+")]
    private static partial Regex HolderPattern();
}
