using CorruptionBench;

namespace DataMaintenance.Tests.EndToEnd;

/// <summary>A small part of the corruption bench, on a market of its own: what the whole table says is proven by running the bench.</summary>
public sealed class CorruptionTests(CorruptedMarket market) : IClassFixture<CorruptedMarket>
{
    [Fact]
    public void Clean_sessions_raise_no_alarm()
    {
        var alarms = CleanWalk.Of(market.Bench.Ground, market.Bench.History.Append(market.Bench.Clean.Run!)).Select(a => $"{a.Date:O} {a.Alarm}: {a.Value}");
        Assert.Equal([], alarms.Concat(market.Bench.Clean.Findings.Select(f => $"{f.Date:O} {f.Symbol?.Text} {f.Rule}: {f.Value}")));
    }

    [Theory]
    [InlineData("packed minute file cut off", "50 %")]
    [InlineData("an error page instead of the minute file", "all")]
    [InlineData("day file of a header only", "all")]
    [InlineData("minute 10:37 absent", "all")]
    [InlineData("minutes 11:00 to 12:00 absent", "all")]
    public async Task What_is_torn_is_noticed_and_nothing_of_it_published(string kind, string strength)
    {
        var verdict = await market.StrikeAsync(kind, strength);
        Assert.Equal(Outcome.Caught, verdict.Outcome);
        Assert.Equal(0, verdict.Wrong);
    }

    [Theory]
    [InlineData("symbols absent from both files", "all")]
    [InlineData("high and low exchanged in the day file", "one busy")]
    [InlineData("minutes of the session before under this date", "one busy")]
    [InlineData("prices and volumes of a symbol step as by a split, none listed", "10:1")]
    public async Task What_cannot_be_true_is_noticed(string kind, string strength) =>
        Assert.Equal(Outcome.Caught, (await market.StrikeAsync(kind, strength)).Outcome);

    [Theory]
    [InlineData("volume of the day with an exponent", "all")]
    [InlineData("lines of the day file end in CR LF", "all")]
    public async Task What_only_looks_otherwise_is_read_as_it_is_meant(string kind, string strength) =>
        Assert.Equal(Outcome.Harmless, (await market.StrikeAsync(kind, strength)).Outcome);

    [Fact]
    public void There_are_more_than_forty_corruptions_and_each_changes_the_files_it_strikes()
    {
        Assert.True(FileCorruption.All.Count + WireCorruption.All.Count > 40);
        Assert.Equal(FileCorruption.All.Count, FileCorruption.All.DistinctBy(k => k.Name).Count());
        var idle = from kind in FileCorruption.All
                   let strength = kind.Strengths[^1]
                   where !kind.IsPossible(market.Clean) || !market.Changes(kind, strength)
                   select kind.Name;
        Assert.Equal([], idle);
    }
}

/// <summary>A hundred simulated symbols with some good nights behind them.</summary>
public sealed class CorruptedMarket : IAsyncLifetime
{
    private const int Seed = 1;
    private readonly TemporaryFolder folder = new();

    internal Bench Bench { get; private set; } = null!;
    internal SessionFiles Clean { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var ct = TestContext.Current.CancellationToken;
        Bench = await Bench.PrepareAsync(await Simulated.FilesAsync(folder.File("files"), Seed, symbols: 100, nights: 2, ct), folder.File("stores"), ct);
        Clean = SessionFiles.Read(Bench.Ground.Folder!, Bench.Ground.Session, Bench.Ground.Nights[^1]);
    }

    internal async Task<Verdict> StrikeAsync(string kind, string strength)
    {
        var asked = FileCorruption.All.Single(k => k.Name == kind);
        var one = asked with { Strengths = [asked.Strengths.Single(s => s.Shown == strength)] };
        return (await Trials.OfFilesAsync(Bench, [one], Seed, _ => { }, TestContext.Current.CancellationToken)).Single().Verdict;
    }

    /// <summary>Whether anything that is written differs from the clean files.</summary>
    internal bool Changes(FileCorruption kind, Strength strength)
    {
        var files = Clean.Copy();
        kind.Apply(files, strength, new Choice(Bench.Traded, Seed));
        var (clean, struck) = (folder.File("clean"), folder.File("struck"));
        Clean.Write(clean);
        files.Write(struck);
        return Directory.GetFiles(clean, "*", SearchOption.AllDirectories)
            .Any(f => !File.ReadAllBytes(f).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(struck, Path.GetRelativePath(clean, f)))));
    }

    public ValueTask DisposeAsync()
    {
        folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
