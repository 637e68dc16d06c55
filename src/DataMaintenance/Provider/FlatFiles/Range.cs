using System.Buffers;

namespace DataMaintenance.Provider.FlatFiles;

/// <summary>A stretch of a file on its way into memory.</summary>
/// <param name="start">Offset in the file.</param>
internal sealed class Range(long start, int length) : IDisposable
{
    private byte[] bytes = ArrayPool<byte>.Shared.Rent(length);

    public long Start => start;
    public int Length => length;
    public int Filled { get; private set; }
    public Memory<byte> Rest => bytes.AsMemory(Filled, length - Filled);
    public ReadOnlyMemory<byte> All => bytes.AsMemory(0, length);

    public void Took(int count) => Filled += count;

    public void Dispose()
    {
        var returned = Interlocked.Exchange(ref bytes, []);
        if (returned.Length > 0) ArrayPool<byte>.Shared.Return(returned);
    }
}
