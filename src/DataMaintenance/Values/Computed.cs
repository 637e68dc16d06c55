namespace DataMaintenance.Values;

/// <summary>What a family's file hands back: values by symbol, and the symbols that have data but too little of it.</summary>
internal readonly record struct Computed(IReadOnlyList<IDerivedValue> Items, int TooShort);
