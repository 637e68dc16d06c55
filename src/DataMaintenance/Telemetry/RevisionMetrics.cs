using System.Diagnostics.Metrics;
using DataMaintenance.Pipeline.Reconciling;

namespace DataMaintenance.Telemetry;

/// <summary>How much the provider revises, of what and how late. Every series is there from the start, so that a rate of it is right.</summary>
internal static class RevisionMetrics
{
    private static readonly (string Dataset, string[] Fields)[] Series = [("daily", ["price", "volume", "trades", "row"]), ("slots", ["volume", "trades", "row"])];
    private static readonly string[] Ages = ["1", "2", "3", "4", "5", "older"];

    public static void Add(Meter meter, RevisionTally tally, Func<DateTimeOffset, double> age)
    {
        meter.CreateObservableCounter("data_maintenance.revisions", () => Revisions(tally), null, "Figures that the provider told otherwise later, by dataset, class of field and age of the session in sessions.");
        meter.CreateObservableCounter("data_maintenance.reconcile.refused", () => Series.Select(s => new Measurement<long>(tally.Refused.GetValueOrDefault(s.Dataset), new KeyValuePair<string, object?>("dataset", s.Dataset))),
            null, "Replies about stored sessions that were not believed, by dataset.");
        meter.CreateObservableGauge("data_maintenance.reconcile.age", () => tally.ReconciledAt is { } at ? [new(age(at))] : Array.Empty<Measurement<double>>(), "s",
            "Time since stored sessions were last compared with the provider; absent until this process did.");
        meter.CreateObservableGauge("data_maintenance.reconcile.revised_share", () => tally.NewestShare is { } share ? [new(share)] : Array.Empty<Measurement<double>>(), null,
            "Share of the symbols of the newest session compared whose bar was revised; absent until this process compared one.");
    }

    private static IEnumerable<Measurement<long>> Revisions(RevisionTally tally) =>
        from series in Series
        from field in series.Fields
        from age in Ages
        select new Measurement<long>(tally.Counts.GetValueOrDefault((series.Dataset, field, age)), new("dataset", series.Dataset), new("field", field), new("age", age));
}
