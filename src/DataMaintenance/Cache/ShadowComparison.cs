using DataMaintenance.Values;
using Market;

namespace DataMaintenance.Cache;

/// <summary>Our published keys against those of a service in whose shadow we run: the same server and key names, another prefix. Only reads.</summary>
/// <param name="otherPrefix">Before the other service's keys; often empty.</param>
/// <param name="tolerance">Relative: numbers differing by no more are equal.</param>
public sealed class ShadowComparison(RedisConnection redis, RedisOptions options, string otherPrefix, double tolerance)
{
    public const double UsualTolerance = 1e-4;
    public const int MostNamed = 20;
    private const int KeysAtOnce = 256;

    private readonly Keys ours = new(options);
    private readonly Keys theirs = new(options with { KeyPrefix = otherPrefix });

    /// <exception cref="ArgumentException">The prefix is our own: everything would be equal to itself.</exception>
    public async Task<ShadowFamily> OfAsync(Family family, CancellationToken ct)
    {
        if (otherPrefix == options.KeyPrefix) throw new ArgumentException($"The prefix to compare with is our own, '{otherPrefix}'.", nameof(family));
        return family == Family.Universe ? await UniverseAsync(ct) : await KeysAsync(family, ct);
    }

    private async Task<ShadowFamily> UniverseAsync(CancellationToken ct)
    {
        var (here, there) = (await MembersAsync(ours), await MembersAsync(theirs));
        var result = new ShadowFamily(Family.Universe) { Equal = here.Intersect(there, StringComparer.Ordinal).Count() };
        foreach (var symbol in here.Except(there, StringComparer.Ordinal).Order(StringComparer.Ordinal)) result.OnlyOneSide(symbol, isOurs: true);
        foreach (var symbol in there.Except(here, StringComparer.Ordinal).Order(StringComparer.Ordinal)) result.OnlyOneSide(symbol, isOurs: false);
        return result;

        async Task<string[]> MembersAsync(Keys keys)
        {
            try
            {
                return [.. (await redis.AskAsync(db => db.SetMembersAsync(keys.Universe), ct)).Select(m => m.ToString())];
            }
            catch (RedisRefusedException e) when (RedisTrouble.Starts(e.InnerException!, "WRONGTYPE"))
            {
                throw new FormatException($"{keys.Universe} is no set, and so cannot be compared as the universe.", e);
            }
        }
    }

    private async Task<ShadowFamily> KeysAsync(Family family, CancellationToken ct)
    {
        var result = new ShadowFamily(family);
        // The older name of the same document is written by whom it concerns; the newer one is compared.
        var (here, there) = (ours.Of(family)[0], theirs.Of(family)[0]);
        var (mine, other) = (await SymbolsAsync(here, ours, ct), await SymbolsAsync(there, theirs, ct));
        foreach (var part in mine.Union(other).Order().Chunk(KeysAtOnce))
        {
            var asked = part.Select(symbol => (Symbol: symbol, Ours: ShadowValue.ReadAsync(redis, here.Of(symbol), family, ct), Theirs: ShadowValue.ReadAsync(redis, there.Of(symbol), family, ct))).ToArray();
            foreach (var (symbol, own, foreign) in asked)
            {
                var (left, right) = (await own, await foreign);
                if (left is null && right is null) continue;
                if (left is null || right is null) result.OnlyOneSide(symbol.Text, isOurs: right is null);
                else result.Compare(symbol.Text, left, right, tolerance);
            }
        }

        return result;
    }

    private async Task<HashSet<Symbol>> SymbolsAsync(KeyTemplate template, Keys keys, CancellationToken ct)
    {
        var symbols = new HashSet<Symbol>();
        foreach (var key in await redis.KeysAsync(template.Pattern, ct))
            if (!keys.IsFixed(key) && template.TrySymbol(key, out var symbol)) symbols.Add(symbol);
        return symbols;
    }
}

/// <summary>How one family compares, counted in keys (in members for the universe).</summary>
public sealed class ShadowFamily(Family family)
{
    private readonly List<string> examples = [];
    private readonly SortedDictionary<string, int> fieldsOnlyOurs = new(StringComparer.Ordinal), fieldsOnlyTheirs = new(StringComparer.Ordinal);

    public Family Family => family;
    public int Equal { get; set; }
    public int Different { get; private set; }
    public int OnlyOurs { get; private set; }
    public int OnlyTheirs { get; private set; }

    /// <summary>The first by symbol, at most <see cref="ShadowComparison.MostNamed"/>.</summary>
    public IReadOnlyList<string> Examples => examples;

    /// <summary>Fields of metadata that one side has and the other lacks, with the number of symbols; no difference by themselves.</summary>
    public IReadOnlyDictionary<string, int> FieldsOnlyOurs => fieldsOnlyOurs;
    public IReadOnlyDictionary<string, int> FieldsOnlyTheirs => fieldsOnlyTheirs;

    public bool Agrees => Different + OnlyOurs + OnlyTheirs == 0;

    internal void OnlyOneSide(string symbol, bool isOurs)
    {
        if (isOurs) OnlyOurs++;
        else OnlyTheirs++;
        Name($"{symbol}: only {(isOurs ? "here" : "there")}");
    }

    internal void Compare(string symbol, ShadowValue ours, ShadowValue theirs, double tolerance)
    {
        var differences = new List<string>();
        if (ours.Trouble is not null) differences.Add($"here {ours.Trouble}");
        if (theirs.Trouble is not null) differences.Add($"there {theirs.Trouble}");
        if (differences.Count == 0)
        {
            foreach (var field in ours.Fields.Keys.Union(theirs.Fields.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal))
                CompareField(field, ours.Fields.GetValueOrDefault(field), theirs.Fields.GetValueOrDefault(field), tolerance, differences);
        }

        if (differences.Count == 0)
        {
            Equal++;
            return;
        }

        Different++;
        Name($"{symbol}: {string.Join("; ", differences.Take(3))}{(differences.Count > 3 ? $"; and {differences.Count - 3} more" : "")}");
    }

    private void CompareField(string field, ShadowField? ours, ShadowField? theirs, double tolerance, List<string> differences)
    {
        if (family == Family.Metadata && (ours is null || theirs is null))
        {
            var side = theirs is null ? fieldsOnlyOurs : fieldsOnlyTheirs;
            side[field] = side.GetValueOrDefault(field) + 1;
        }
        else if (!ShadowField.Agree(ours, theirs, family, tolerance))
        {
            differences.Add($"{field} {ours?.Text ?? "absent"} here, {theirs?.Text ?? "absent"} there");
        }
    }

    private void Name(string example)
    {
        if (examples.Count < ShadowComparison.MostNamed) examples.Add(example);
    }
}
