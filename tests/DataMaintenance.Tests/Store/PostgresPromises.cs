namespace DataMaintenance.Tests.Store;

public sealed class PostgresBarTests() : BarPromises(new PostgresTestStore());

public sealed class PostgresSlotTests() : SlotPromises(new PostgresTestStore());
