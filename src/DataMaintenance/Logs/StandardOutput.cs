using System.Buffers;
using Serilog.Core;
using Serilog.Events;

namespace DataMaintenance.Logs;

/// <summary>Log lines on stdout, one write a line.</summary>
internal sealed class StandardOutput(Stream stdout, JsonLine line) : ILogEventSink
{
    private readonly Lock gate = new();
    private readonly ArrayBufferWriter<byte> buffer = new(1024);

    public void Emit(LogEvent logEvent)
    {
        lock (gate)
        {
            buffer.ResetWrittenCount();
            line.Write(logEvent, buffer);
            stdout.Write(buffer.WrittenSpan);
            stdout.Flush();
        }
    }
}
