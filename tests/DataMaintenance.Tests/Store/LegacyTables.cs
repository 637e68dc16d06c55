namespace DataMaintenance.Tests.Store;

/// <summary>The tables of the Python service in small, with every oddity that was seen or can be.</summary>
internal static class LegacyTables
{
    public const string Schema = """
        CREATE TABLE volume_slots (
            date date NOT NULL, symbol varchar(10) NOT NULL, slot_number integer NOT NULL, slot_time time NOT NULL,
            volume_accumulated bigint, trades_count integer, avg_price numeric(12,4), PRIMARY KEY (date, symbol, slot_number));
        CREATE TABLE market_data_daily (
            trading_date date NOT NULL, symbol varchar(10) NOT NULL, open numeric(12,4) NOT NULL, high numeric(12,4) NOT NULL, low numeric(12,4) NOT NULL,
            close numeric(12,4) NOT NULL, volume bigint NOT NULL, vwap numeric(12,4), trades_count integer, PRIMARY KEY (trading_date, symbol));
        CREATE TABLE tickers_unified (
            symbol varchar(10) PRIMARY KEY, company_name varchar(255), cik varchar(10), exchange varchar(20), market_cap bigint, float_shares bigint, is_active boolean DEFAULT true,
            is_etf boolean DEFAULT false, last_seen timestamptz, created_at timestamptz, updated_at timestamptz, list_date date, type varchar(20), delisted_utc timestamptz)
        """;

    /// <summary>2025-01-25 is a Saturday. Late evening in New York is already the next day in UTC.</summary>
    public const string Rows = """
        INSERT INTO market_data_daily VALUES
            ('2025-01-24', 'AAPL', 229, 229.5, 201.25, 229.5, 1000, 230.1, 77), ('2025-01-24', 'BRK.B', 460, 465.31, 400, 465.31, 10, 0.0000, NULL),
            ('2025-01-25', 'AAPL', 1, 1, 1, 1, 1, 1, 1),
            ('2025-01-27', 'AAPL', 229, 229.5, 201.25, 229.5, 1000, 230.1, 77), ('2025-01-27', 'aapl', 229, 229.5, 201.25, 229.5, 1000, 230.1, 77),
            ('2025-01-27', 'MSFT', 440, 442.2, 430, 440, 20, NULL, NULL), ('2025-01-27', 'UPDN', 10, 9, 11, 10, 1, NULL, NULL);
        INSERT INTO volume_slots VALUES
            ('2025-01-27', 'AAPL', 0, '04:00', 100, 3, 229.51), ('2025-01-27', 'AAPL', 1, '04:05', 100, 0, NULL), ('2025-01-27', 'AAPL', 66, '09:30', 150, NULL, 0.0000),
            ('2025-01-27', 'AAPL', 191, '19:55', 151, 1, NULL),
            ('2025-01-27', 'FALL', 1, '04:05', 5, 1, 1), ('2025-01-27', 'FALL', 2, '04:10', 4, 1, 1), ('2025-01-27', 'NULS', 1, '04:05', NULL, 1, 1),
            ('2025-01-27', 'UTCS', 0, '09:00', 5, 1, 1), ('2025-01-27', 'REGS', 0, '09:30', 5, 1, 1);
        INSERT INTO tickers_unified (symbol, company_name, cik, exchange, market_cap, float_shares, type, list_date, created_at, last_seen, updated_at) VALUES
            ('AAPL', 'Apple Inc.', '0000320193', 'XNAS', 3450000000000, 15000000000, 'CS', '1980-12-12', '2025-01-01 02:00Z', '2025-01-28 03:00Z', '2025-01-28 03:00Z');
        INSERT INTO tickers_unified (symbol, is_etf, created_at, delisted_utc) VALUES ('GONE', true, '2025-01-01 02:00Z', '2025-01-02 00:00Z')
        """;
}
