using Market;

namespace DataMaintenance.Pipeline.Checks;

internal enum PartOfDay { BeforeOpen, Session, Auction }

/// <summary>A part of the day in which a symbol trades little or not at all, and may have lost its minutes.</summary>
/// <param name="First">Slot.</param>
/// <param name="Count">Slots.</param>
/// <param name="Held">Share of its day's slots in it now.</param>
/// <param name="Share">Of the daily volume that its slots hold.</param>
internal readonly record struct Stretch(Symbol Symbol, PartOfDay Part, int First, int Count, double Held, double Share);
