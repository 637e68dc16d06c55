namespace Simulator.World;

/// <summary>Codes of the Standard Industrial Classification that listed companies use most, in the SEC's wording.</summary>
internal static class Industries
{
    internal static readonly Industry Computers = new("3571", "ELECTRONIC COMPUTERS");
    internal static readonly Industry Software = new("7372", "SERVICES-PREPACKAGED SOFTWARE");
    internal static readonly Industry Semiconductors = new("3674", "SEMICONDUCTORS & RELATED DEVICES");
    internal static readonly Industry Vehicles = new("3711", "MOTOR VEHICLES & PASSENGER CAR BODIES");
    internal static readonly Industry Retail = new("5961", "RETAIL-CATALOG & MAIL-ORDER HOUSES");
    internal static readonly Industry Internet = new("7370", "SERVICES-COMPUTER PROGRAMMING, DATA PROCESSING, ETC.");
    internal static readonly Industry Banks = new("6021", "NATIONAL COMMERCIAL BANKS");
    internal static readonly Industry Insurance = new("6331", "FIRE, MARINE & CASUALTY INSURANCE");
    internal static readonly Industry Oil = new("2911", "PETROLEUM REFINING");
    internal static readonly Industry Drugs = new("2834", "PHARMACEUTICAL PREPARATIONS");
    internal static readonly Industry BlankChecks = new("6770", "BLANK CHECKS");

    internal static readonly Industry[] All =
    [
        Drugs, new("2836", "BIOLOGICAL PRODUCTS (NO DIAGNOSTIC SUBSTANCES)"), Software, new("6022", "STATE COMMERCIAL BANKS"),
        new("6798", "REAL ESTATE INVESTMENT TRUSTS"), new("3841", "SURGICAL & MEDICAL INSTRUMENTS & APPARATUS"), Semiconductors,
        new("1311", "CRUDE PETROLEUM & NATURAL GAS"), Banks, Drugs, Internet, Insurance, new("1040", "GOLD AND SILVER ORES"),
        new("4911", "ELECTRIC SERVICES"), new("7389", "SERVICES-BUSINESS SERVICES, NEC"), new("3845", "ELECTROMEDICAL & ELECTROTHERAPEUTIC APPARATUS"),
        new("6211", "SECURITY BROKERS, DEALERS & FLOTATION COMPANIES"), new("7374", "SERVICES-COMPUTER PROCESSING & DATA PREPARATION"),
        new("5812", "RETAIL-EATING PLACES"), new("3714", "MOTOR VEHICLE PARTS & ACCESSORIES"), new("4841", "CABLE & OTHER PAY TELEVISION SERVICES"),
        new("8742", "SERVICES-MANAGEMENT CONSULTING SERVICES"), new("2860", "INDUSTRIAL ORGANIC CHEMICALS"), new("3663", "RADIO & TV BROADCASTING & COMMUNICATIONS EQUIPMENT"),
        new("4412", "DEEP SEA FOREIGN TRANSPORTATION OF FREIGHT"), Vehicles, new("3312", "STEEL WORKS, BLAST FURNACES & ROLLING & FINISHING MILLS"),
        new("8731", "SERVICES-COMMERCIAL PHYSICAL & BIOLOGICAL RESEARCH"), new("4813", "TELEPHONE COMMUNICATIONS (NO RADIOTELEPHONE)"), Retail,
        new("1531", "OPERATIVE BUILDERS"), new("3721", "AIRCRAFT"), new("2080", "BEVERAGES"), new("5912", "RETAIL-DRUG STORES AND PROPRIETARY STORES"),
        new("4512", "AIR TRANSPORTATION, SCHEDULED"), new("8200", "SERVICES-EDUCATIONAL SERVICES"), new("6199", "FINANCE SERVICES"), Oil,
        new("7990", "SERVICES-MISCELLANEOUS AMUSEMENT & RECREATION"), new("2000", "FOOD AND KINDRED PRODUCTS"), Computers,
    ];
}
