using System.Buffers;
using Serilog.Core;
using Serilog.Events;

namespace DataMaintenance.Logs;

/// <summary>
/// A log file whose active part keeps its name: at the limit <c>x.log</c> becomes <c>x.log.1</c>, that one <c>x.log.2</c>, and the oldest goes.
/// Every event is one write to a file opened for it, so that a crash loses none and a rolled or removed file is never written to. On a full disk
/// events are left out, never half of one.
/// </summary>
internal sealed class RollingFile(string path, long limit, int kept, JsonLine line) : ILogEventSink
{
    private readonly Lock gate = new();
    private readonly ArrayBufferWriter<byte> buffer = new(1024);

    public void Emit(LogEvent logEvent)
    {
        lock (gate)
        {
            buffer.ResetWrittenCount();
            line.Write(logEvent, buffer);
            long length;
            using (var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0))
            {
                length = Append(file) + buffer.WrittenCount;
            }

            if (length >= limit) Roll();
        }
    }

    /// <returns>Where the event begins.</returns>
    private long Append(FileStream file)
    {
        var begin = file.Length;
        try
        {
            file.Write(buffer.WrittenSpan);
            return begin;
        }
        catch (IOException)
        {
            file.SetLength(begin);
            throw;
        }
    }

    private void Roll()
    {
        if (kept == 1) File.Delete(path);
        for (var i = kept - 1; i >= 1; i--)
        {
            var from = i == 1 ? path : $"{path}.{i - 1}";
            if (File.Exists(from)) File.Move(from, $"{path}.{i}", overwrite: true);
        }
    }
}
