using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using Simulator.Faults;
using Simulator.Files;
using Simulator.Rest;
using Simulator.World;

namespace Simulator.S3;

/// <summary>Makes files when they are first asked for, and keeps them on disk. A file with other faults is another file.</summary>
internal sealed class FileShelf : IDisposable
{
    /// <summary>Files kept in a temporary folder; those used longest ago go first.</summary>
    private const int MostKept = 32;

    private readonly Tape tape;
    private readonly ConcurrentDictionary<string, Lazy<Task<Made>>> files = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, (string Variant, DateTimeOffset Since)> current = new(StringComparer.Ordinal);
    private readonly string folder;
    private readonly bool temporary;

    internal FileShelf(Tape tape, string? folder)
    {
        this.tape = tape;
        temporary = folder is null;
        this.folder = folder ?? Path.Combine(Path.GetTempPath(), string.Create(CultureInfo.InvariantCulture, $"simulated-files-{Environment.ProcessId}-{Guid.NewGuid():N}"));
    }

    /// <param name="faults">Those that concern the file's content.</param>
    internal async Task<StoredFile> GetAsync(FileName name, TradingDay day, IReadOnlyList<Fault> faults, DateTimeOffset now)
    {
        var stage = tape.Revisions?.StageOf(name.Date, now.ToUnixTimeMilliseconds()) ?? 0;
        var published = tape.Revisions?.Since(name.Date, stage) is { } revised && revised > name.PublishedAt ? revised : name.PublishedAt;
        var variant = string.Join('+', faults.Select(static fault => fault.Kind));
        var (_, since) = current.AddOrUpdate(name.Key, (variant, published), (_, old) => old.Variant == variant ? (variant, published > old.Since ? published : old.Since) : (variant, now));
        var market = tape.Market;
        var told = tape.Revisions is null ? "" : string.Create(CultureInfo.InvariantCulture, $"-revised-{tape.Revisions.Share:0.####}-{stage}");
        var local = string.Create(CultureInfo.InvariantCulture, $"{market.Seed}-{market.Symbols}-{market.Splits.Count}-{name.Set}-{name.Date:yyyy-MM-dd}{told}{(variant.Length > 0 ? "+" : "")}{variant}.csv.gz");
        var made = await files.GetOrAdd(local, _ => new(() => Task.Run(() => Make(Path.Combine(folder, local), name, day, faults, now.ToUnixTimeMilliseconds())))).Value;
        made.UsedAt = Environment.TickCount64;
        if (temporary && files.Count > MostKept) Forget();
        return new StoredFile(name.Key, made.Path, made.Length, made.ETag, since);
    }

    public void Dispose()
    {
        if (temporary && Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
    }

    [SuppressMessage("Security", "CA5351", Justification = "An ETag is an MD5; nothing is protected by it.")]
    private Made Make(string path, FileName name, TradingDay day, IReadOnlyList<Fault> faults, long now)
    {
        Directory.CreateDirectory(folder);
        if (!File.Exists(path)) Write(path, name, day, faults, now);
        using var file = File.OpenRead(path);
        return new Made(path, file.Length, $"\"{Convert.ToHexStringLower(MD5.HashData(file))}\"");
    }

    private void Write(string path, FileName name, TradingDay day, IReadOnlyList<Fault> faults, long now)
    {
        var unfinished = path + ".unfinished";
        using (var file = File.Create(unfinished))
        {
            using (var packed = new GZipStream(file, CompressionLevel.Fastest, leaveOpen: true))
            {
                var writer = new FlatFileWriter(tape.Market) { Faults = faults, Told = (tape, Math.Max(now, day.End)) };
                if (name.Set == FileName.Days) writer.WriteDay(day, packed);
                else writer.WriteMinutes(day, packed);
            }
            if (faults.Any(static fault => fault.Kind == FaultKinds.Truncated)) file.SetLength(file.Length / 2);
        }
        File.Move(unfinished, path, overwrite: true);
    }

    private void Forget()
    {
        foreach (var (local, made) in files.Where(static file => file.Value is { IsValueCreated: true, Value.IsCompletedSuccessfully: true }).OrderBy(static file => file.Value.Value.Result.UsedAt).Take(MostKept / 4).ToArray())
        {
            if (!files.TryRemove(local, out _)) continue;
            File.Delete(made.Value.Result.Path);
        }
    }

    private sealed record Made(string Path, long Length, string ETag)
    {
        internal long UsedAt { get; set; }
    }
}
