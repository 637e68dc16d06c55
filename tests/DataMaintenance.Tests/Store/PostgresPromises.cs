namespace DataMaintenance.Tests.Store;

public sealed class PostgresBarTests() : BarPromises(new PostgresTestStore());

public sealed class PostgresSlotTests() : SlotPromises(new PostgresTestStore());

public sealed class PostgresReferenceTests() : ReferencePromises(new PostgresTestStore());

public sealed class PostgresJournalTests() : JournalPromises(new PostgresTestStore());

public sealed class PostgresViewTests() : ViewPromises(new PostgresTestStore());

public sealed class PostgresLeadPromises() : LeadershipPromises(new PostgresTestStore());
