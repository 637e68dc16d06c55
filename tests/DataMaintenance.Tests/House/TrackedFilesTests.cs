using System.Text.RegularExpressions;

namespace DataMaintenance.Tests.House;

/// <summary>What is under version control is for everybody: nothing of one machine, nothing secret, nothing large.</summary>
public sealed partial class TrackedFilesTests
{
    [Fact]
    public void No_file_names_a_folder_of_one_machine() =>
        Assert.Equal([], Hits(PlacesOfOneMachine()));

    [Fact]
    public void No_file_holds_what_looks_like_a_key() =>
        Assert.Equal([], Hits(Keys()));

    [Fact]
    public void No_source_file_is_longer_than_300_lines()
    {
        var files = Repository.Sources("src").Concat(Repository.Sources("tests"));
        Assert.Equal([], files.Select(f => (File: Repository.Relative(f), Lines: File.ReadLines(f).Count())).Where(f => f.Lines > 300).Select(f => $"{f.File}: {f.Lines} lines"));
    }

    [Fact]
    public void Scripts_can_be_run()
    {
        if (OperatingSystem.IsWindows()) return;
        foreach (var script in new[] { "data-maintenance", "test", ".ci/run" })
            Assert.True(File.GetUnixFileMode(Repository.Path(script)).HasFlag(UnixFileMode.UserExecute), $"{script} is not executable");
    }

    private static List<string> Hits(Regex pattern)
    {
        var tracked = Repository.Tracked();
        Assert.SkipWhen(tracked is null, "not a git working tree");
        var hits = new List<string>();
        foreach (var file in tracked.Where(f => !f.EndsWith("packages.lock.json", StringComparison.Ordinal)))
        {
            var bytes = File.ReadAllBytes(Repository.Path(file));
            if (bytes.AsSpan().Contains((byte)0)) continue;
            var number = 0;
            foreach (var line in System.Text.Encoding.UTF8.GetString(bytes).Split('\n'))
            {
                number++;
                if (pattern.IsMatch(line)) hits.Add($"{file}:{number}");
            }
        }

        return hits;
    }

    // The patterns are written so that they do not match themselves.
    [GeneratedRegex("""(?<![\w.}$/~])/(?:home|Users|work|root)/[\w.-]+|[A-Z]:\\(?:Users|work)\\""")]
    private static partial Regex PlacesOfOneMachine();

    [GeneratedRegex("""-----BEGIN [A-Z ]*PRIVATE KEY|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{36}\b|\bxox[abps]-[A-Za-z0-9-]{10,}|(?i:api_?key|password|secret)["']?\s*[:=]\s*["'](?=[A-Za-z0-9_]*[0-9])(?=[A-Za-z0-9_]*[A-Z])[A-Za-z0-9_]{24,}["']""")]
    private static partial Regex Keys();
}
