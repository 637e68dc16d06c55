using Market;

namespace DataMaintenance.Values;

/// <summary>What a family's file hands back: values by symbol, the symbols that have data but too little of it, and a digest of each value's inputs.</summary>
internal readonly record struct Computed(IReadOnlyList<IDerivedValue> Items, int TooShort, IReadOnlyDictionary<Symbol, ulong> Prints);
