using System.Data.Common;
using Market;
using Npgsql;

namespace DataMaintenance.Store;

/// <summary>Rows of a stored session, replaced symbol by symbol.</summary>
internal sealed partial class PostgresStore
{
    protected override async Task BeforeHealAsync(DbConnection connection, Dataset dataset, DateOnly date, CancellationToken ct)
    {
        await LockAsync((NpgsqlConnection)connection, dataset, date, ct);
        if (dataset == Dataset.Slots) await DecompressAsync((NpgsqlConnection)connection, date, ct);
        else await layout.MakeMonthAsync((NpgsqlConnection)connection, date, ct);
    }

    protected override Task AppendBarsAsync(DbConnection connection, IReadOnlyList<DailyBar> bars, string source, CancellationToken ct) =>
        CopyAsync((NpgsqlConnection)connection, [.. bars], [], source, ct);

    protected override Task AppendSlotsAsync(DbConnection connection, IReadOnlyList<SlotDay> days, string source, CancellationToken ct)
    {
        foreach (var day in days) Check(day, grid);
        return CopyAsync((NpgsqlConnection)connection, "volume_slots_raw", [.. days], source, ct);
    }
}
