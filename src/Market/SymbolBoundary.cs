namespace Market;

/// <summary>
/// From <paramref name="FirstDate"/> on the ticker is another security's. What is dated before belongs to a former bearer: neither its bars nor its
/// splits have anything to do with those after.
/// </summary>
public readonly record struct SymbolBoundary(Symbol Symbol, DateOnly FirstDate);
