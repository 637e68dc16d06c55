using DataMaintenance.Store;

namespace DataMaintenance.Values;

/// <summary>The rows of a session in the store are not those coverage counted.</summary>
public sealed class InputsShortException(Dataset dataset, DateOnly date, long expected, long found)
    : Exception($"{dataset} of {date:yyyy-MM-dd}: coverage says {expected:N0} rows, the store holds {found:N0}; load that session again")
{
    public Dataset Dataset { get; } = dataset;
    public DateOnly Date { get; } = date;
}
