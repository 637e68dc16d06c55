using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using DataMaintenance.Tests.EndToEnd;

namespace DataMaintenance.Tests.Deploy;

/// <summary>The file that <c>deploy/publish.sh</c> makes is the whole service, for a machine without .NET.</summary>
public sealed partial class SingleFileTests
{
    private const ushort X64 = 0x3e, Arm64 = 0xb7;

    /// <summary>As published, but for what only makes its start faster and the file smaller.</summary>
    private static readonly string[] Quick = ["-p:PublishReadyToRun=false", "-p:EnableCompressionInSingleFile=false", "-p:RunAnalyzers=false"];

    [Fact]
    public async Task The_file_for_x64_loads_a_session_exports_it_and_serves_its_pages_with_nothing_of_dotnet_around_it()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("home"));
        await PublishAsync("linux-x64", folder.File("bin"));
        Assert.Equal(["data-maintenance"], Directory.EnumerateFileSystemEntries(folder.File("bin")).Select(Path.GetFileName));
        Assert.Equal(X64, Machine(folder.File("bin/data-maintenance")));

        Assert.Contains("1 sessions", await RunAsync(folder, "simulate", "--files", folder.File("files"), "--days", "1", "--symbols", "60"), StringComparison.Ordinal);
        var session = Session().Match(Directory.EnumerateFiles(folder.File("files"), "*.csv.gz", SearchOption.AllDirectories).First()).Value;
        await RunAsync(folder, "backfill", "--from", session, "--to", session);
        Assert.Contains("rows of daily written", await RunAsync(folder, "export", "daily", "--out", folder.File("daily.csv")), StringComparison.Ordinal);
        await ServesAsync(folder);
    }

    [Fact]
    public async Task The_file_for_arm64_is_one_for_arm64()
    {
        using var folder = new TemporaryFolder();
        await PublishAsync("linux-arm64", folder.File("bin"));
        Assert.Equal(["data-maintenance"], Directory.EnumerateFileSystemEntries(folder.File("bin")).Select(Path.GetFileName));
        Assert.Equal(Arm64, Machine(folder.File("bin/data-maintenance")));
    }

    private static async Task PublishAsync(string runtime, string folder)
    {
        var (exit, said) = await Tool.RunAsync(House.Repository.Path("deploy/publish.sh"), ".", [runtime, folder, .. Quick]);
        Assert.True(exit == 0, said);
    }

    /// <summary>Field e_machine of the ELF header.</summary>
    private static ushort Machine(string file)
    {
        using var stream = File.OpenRead(file);
        Span<byte> header = stackalloc byte[20];
        stream.ReadExactly(header);
        Assert.True(header is [0x7f, (byte)'E', (byte)'L', (byte)'F', ..], $"{file} is no ELF file");
        return BinaryPrimitives.ReadUInt16LittleEndian(header[18..]);
    }

    private static async Task ServesAsync(TemporaryFolder folder)
    {
        using var service = Start(folder, "serve");
        try
        {
            string? url = null;
            while (url is null && await service.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line) url = Started().Match(line) is { Success: true } started ? started.Groups[1].Value : null;
            if (url is null) Assert.Fail($"the service ended: {await service.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken)}");
            using var http = new HttpClient { BaseAddress = new(url) };
            var page = await http.GetStringAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken);
            Assert.Contains("Is it ready by", page, StringComparison.Ordinal);
            foreach (Match asset in Assets().Matches(page)) Assert.NotEqual("", await http.GetStringAsync(new Uri(asset.Groups[1].Value, UriKind.Relative), TestContext.Current.CancellationToken));
            Assert.InRange(Assets().Count(page), 5, 30);
        }
        finally
        {
            service.Kill(entireProcessTree: true);
            await service.WaitForExitAsync(CancellationToken.None);
        }
    }

    private static async Task<string> RunAsync(TemporaryFolder folder, params string[] arguments)
    {
        using var process = Start(folder, arguments);
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, $"{string.Join(' ', arguments)} ended with {process.ExitCode.ToString(CultureInfo.InvariantCulture)}\n{await output}\n{await errors}");
        return await output;
    }

    private static Process Start(TemporaryFolder folder, params string[] arguments)
    {
        var start = new ProcessStartInfo(folder.File("bin/data-maintenance"), arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Path.GetTempPath() };
        start.Environment.Clear();
        foreach (var (name, value) in new Dictionary<string, string>
        {
            ["HOME"] = folder.File("home"),
            ["PATH"] = "/usr/bin:/bin",
            ["Provider__Kind"] = "Directory",
            ["Provider__Path"] = folder.File("files"),
            ["Store__Path"] = folder.File("store"),
            ["Logs__Directory"] = folder.File("logs"),
            ["Api__Urls"] = "http://127.0.0.1:0",
            ["Checks__MinDailySymbols"] = "10",
            ["Checks__MinSlotRows"] = "10",
        }) start.Environment[name] = value;
        return Process.Start(start)!;
    }

    [GeneratedRegex(@"\d{4}-\d\d-\d\d")]
    private static partial Regex Session();

    [GeneratedRegex("\"service_started\".*?\"url\":\"([^\"]+)\"")]
    private static partial Regex Started();

    [GeneratedRegex("(?:href|src)=\"([^\"]+\\.(?:css|js|svg))\"")]
    private static partial Regex Assets();
}
