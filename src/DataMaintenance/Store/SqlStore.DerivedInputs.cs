using System.Globalization;
using System.Text;
using Market;

namespace DataMaintenance.Store;

/// <summary>Table <c>derived_inputs</c>: one row a family, a line a symbol in it, since all of a family are written and read at once.</summary>
internal abstract partial class SqlStore
{
    public Task SaveDerivedInputsAsync(DerivedInputs inputs, CancellationToken ct)
    {
        var text = new StringBuilder(inputs.Prints.Count * 24);
        foreach (var (symbol, print) in inputs.Prints.OrderBy(p => p.Key)) text.Append(CultureInfo.InvariantCulture, $"{symbol} {print:x16}\n");
        return WriteAsync(async connection =>
        {
            await connection.ExecuteAsync("DELETE FROM derived_inputs WHERE family = $1", [inputs.Family], ct);
            await connection.ExecuteAsync("INSERT INTO derived_inputs VALUES ($1, $2, $3, $4)", [inputs.Family, inputs.Session, inputs.Fingerprint, text.ToString()], ct);
        }, ct);
    }

    public Task<DerivedInputs?> FindDerivedInputsAsync(string family, CancellationToken ct) => ReadAsync(async connection => (await connection.QueryAsync(
        "SELECT session, fingerprint, prints FROM derived_inputs WHERE family = $1", [family],
        row => new DerivedInputs(family, row.GetFieldValue<DateOnly>(0), row.GetString(1), Prints(row.GetString(2))), ct)).SingleOrDefault(), ct);

    private static Dictionary<Symbol, ulong> Prints(string text)
    {
        var prints = new Dictionary<Symbol, ulong>(16_384);
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            if (line.IndexOf(' ') is not (> 0 and var blank)) continue;
            prints[new(line[..blank].ToString())] = ulong.Parse(line[(blank + 1)..], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        }

        return prints;
    }
}
