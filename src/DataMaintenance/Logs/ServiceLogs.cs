using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Extensions.Logging;

namespace DataMaintenance.Logs;

/// <summary>Where log events go: two files, and stdout for a service. Disposing writes out what is left.</summary>
public sealed class ServiceLogs : IDisposable
{
    private readonly Logger logger;
    private readonly LoggingLevelSwitch level;

    private ServiceLogs(Logger logger, LoggingLevelSwitch level)
    {
        (this.logger, this.level) = (logger, level);
        Factory = new SerilogLoggerFactory(logger);
    }

    public ILoggerFactory Factory { get; }

    /// <summary>Least level written; may be set while the process runs.</summary>
    public LogLevel Level
    {
        get => LevelConvert.ToExtensionsLevel(level.MinimumLevel);
        set => level.MinimumLevel = LevelConvert.ToSerilogLevel(value);
    }

    /// <param name="secrets">Texts that must not appear in any line.</param>
    /// <param name="toConsole">Also on stdout: for a service, whose stdout is its log; a command's stdout is its answer.</param>
    /// <param name="drill">The drill's clock, shown in every line; null while none is in force.</param>
    /// <exception cref="IOException">The folder cannot be made or written to.</exception>
    public static ServiceLogs Create(LogsOptions options, IEnumerable<string> secrets, bool toConsole, TimeProvider? drill = null)
    {
        var folder = Folder(options.Directory);
        var line = new JsonLine(new Redaction(secrets), drill);
        var level = new LoggingLevelSwitch(LevelConvert.ToSerilogLevel(options.Level));
        var limit = options.RollMegabytes * 1024L * 1024;
        var configuration = new LoggerConfiguration()
            .MinimumLevel.ControlledBy(level)
            .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
            .MinimumLevel.Override("System", LogEventLevel.Warning)
            .WriteTo.Sink(new RollingFile(Path.Combine(folder, "maintenance.log"), limit, options.KeptFiles, line))
            .WriteTo.Sink(new RollingFile(Path.Combine(folder, "maintenance_errors.log"), limit, options.KeptFiles, line), LogEventLevel.Error);
        if (toConsole) configuration.WriteTo.Sink(new StandardOutput(Console.OpenStandardOutput(), line));
        return new(configuration.CreateLogger(), level);
    }

    private static string Folder(string path)
    {
        try
        {
            return Directory.CreateDirectory(path).FullName;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"Logs:Directory: the folder '{Path.GetFullPath(path)}' cannot be made: {e.Message.TrimEnd('.')}; expected one that this user may write", e);
        }
    }

    /// <summary>Makes these logs the only ones of a web host.</summary>
    public void AddTo(ILoggingBuilder logging) => logging.ClearProviders().SetMinimumLevel(LogLevel.Trace).AddProvider(new SerilogLoggerProvider(logger));

    public void Dispose()
    {
        Factory.Dispose();
        logger.Dispose();
    }
}
