using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using DataMaintenance.Api;

namespace DataMaintenance.Tests.House;

/// <summary>What every command answers with <c>--json</c>; live answers are held against it.</summary>
internal static class CliShapes
{
    private static readonly JsonSerializerOptions Spelling = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.Strict,
        TypeInfoResolver = new System.Text.Json.Serialization.Metadata.DefaultJsonTypeInfoResolver(),
    };

    /// <summary>By command: when, and what.</summary>
    public static readonly IReadOnlyDictionary<string, (string When, Type Shape)[]> All = new Dictionary<string, (string, Type)[]>(StringComparer.Ordinal)
    {
        ["demo"] = [("at the end of the night", typeof(Demo))],
        ["run"] = [("", typeof(RunWithTasksShape)), ("with `--dry-run`", typeof(DryRunShape))],
        ["backfill"] = [("", typeof(RunWithTasksShape)), ("with `--dry-run`", typeof(DryRunShape))],
        ["status"] = [("", typeof(StatusShape))],
        ["history"] = [("", typeof(RunShape[]))],
        ["next"] = [("", typeof(NextRunShape))],
        ["calendar"] = [("", typeof(Session[])), ("with `--out`", typeof(Sessions))],
        ["explain"] = [("", typeof(ExplainAnswer))],
        ["verify"] = [("", typeof(VerificationShape)), ("with `--against-prefix`", typeof(Comparison))],
        ["export"] = [("", typeof(Exported))],
        ["findings"] = [("", typeof(FindingAnswer[]))],
        ["revisions"] = [("", typeof(RevisionsAnswer))],
        ["findings accept"] = [("", typeof(FindingAnswer))],
        ["doctor"] = [("", typeof(DoctorShape))],
        ["migrate"] = [("", typeof(Migrated)), ("with `--from-legacy`", typeof(Brought))],
        ["alerts test"] = [("", typeof(Sent[]))],
        ["health"] = [("", typeof(HealthShape))],
        ["cancel"] = [("", typeof(CancelAnswer))],
        ["pause"] = [("", typeof(PauseAnswer))],
        ["resume"] = [("", typeof(PauseAnswer))],
        ["simulate"] = [("once it listens", typeof(Simulated)), ("with `--files`", typeof(Written))],
    };

    /// <summary>As JSON schema.</summary>
    public static JsonNode Schema(Type shape) => Spelling.GetJsonSchemaAsNode(shape, new JsonSchemaExporterOptions { TreatNullObliviousAsNonNullable = true });

    internal sealed record Demo(bool Success, RunWithTasksShape FirstLoad, RunWithTasksShape? Night);

    internal sealed record Session(DateOnly Date, string OpenUtc, string CloseUtc, int EarlyClose, string CloseEt);

    internal sealed record Sessions([property: System.Text.Json.Serialization.JsonPropertyName("sessions")] int Count, string File);

    internal sealed record Comparison(bool Agrees, string OurPrefix, string TheirPrefix, double Tolerance, IReadOnlyDictionary<string, Compared> Families);

    internal sealed record Compared(int Equal, int Different, int OnlyOurs, int OnlyTheirs, IReadOnlyDictionary<string, int> FieldsOnlyOurs, IReadOnlyDictionary<string, int> FieldsOnlyTheirs, IReadOnlyList<string> Examples);

    internal sealed record Exported(string Kind, long Rows, string File);

    internal sealed record Migrated(string Store, bool Current);

    internal sealed record Brought(
        bool DryRun, bool Complete, IReadOnlyList<object> Found, object Daily, object Slots, object Universe, object Metadata, IReadOnlyList<object> LeftOut, IReadOnlyList<object> OddValues, IReadOnlyList<object> NotTaken, IReadOnlyList<string> Next);

    internal sealed record Sent(string Channel, [property: System.Text.Json.Serialization.JsonPropertyName("sent")] bool Took, string? Error);

    internal sealed record Simulated(string Url, int Symbols, int Seed, Bucket Files);

    internal sealed record Bucket([property: System.Text.Json.Serialization.JsonPropertyName("bucket")] string Name, string AccessKey, string SecretKey);

    internal sealed record Written(string Folder, DateOnly From, DateOnly To, int Sessions);
}
