using System.ComponentModel.DataAnnotations;

namespace DataMaintenance.Logs;

/// <summary>Section <c>Logs</c>.</summary>
public sealed record LogsOptions
{
    /// <summary>Folder of <c>maintenance.log</c> and <c>maintenance_errors.log</c>, made if absent.</summary>
    [MinLength(1)]
    public string Directory { get; init; } = "logs";
    /// <summary>Least level written; can be changed while the service runs.</summary>
    public LogLevel Level { get; init; } = LogLevel.Information;
    /// <summary>Size at which a file is rolled, in MB.</summary>
    [Range(1, 1024)]
    public int RollMegabytes { get; init; } = 10;
    /// <summary>Files kept of each, the active one included.</summary>
    [Range(1, 100)]
    public int KeptFiles { get; init; } = 5;
}
