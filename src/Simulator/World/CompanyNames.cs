namespace Simulator.World;

/// <summary>Invented company names: readable, none meant for a real company.</summary>
internal static class CompanyNames
{
    private static readonly string[] First =
    [
        "Amber", "Anchor", "Arden", "Aspen", "Beacon", "Birch", "Bluewater", "Boreal", "Bright", "Cascade", "Cedar", "Cobalt", "Copper", "Coral", "Crest",
        "Delta", "Dune", "Eastgate", "Elm", "Ember", "Evergreen", "Falcon", "Fjord", "Flint", "Garnet", "Glacier", "Granite", "Harbor", "Hawthorn", "Helio",
        "Indigo", "Iron", "Juniper", "Keystone", "Lakeside", "Lumen", "Maple", "Meridian", "Nimbus", "Northfield", "Oak", "Obsidian", "Orchard", "Pacific",
        "Pine", "Prairie", "Quarry", "Quartz", "Raven", "Ridge", "River", "Sable", "Sierra", "Silver", "Slate", "Summit", "Tidal", "Timber", "Umber", "Vale",
        "Vector", "Westbrook", "Willow", "Zephyr",
    ];

    private static readonly string[] Second =
    [
        "Bancorp", "Bio", "Biosciences", "Brands", "Capital", "Data", "Devices", "Dynamics", "Energy", "Financial", "Foods", "Genomics", "Health", "Holdings",
        "Industries", "Logistics", "Materials", "Medical", "Metals", "Mining", "Motion", "Networks", "Oncology", "Optics", "Partners", "Photonics", "Power",
        "Properties", "Resources", "Robotics", "Semiconductor", "Shipping", "Software", "Systems", "Technologies", "Therapeutics",
    ];

    internal static string Of(ulong key, string type)
    {
        var random = new RandomStream(key);
        var stem = $"{First[random.Below(First.Length)]} {Second[random.Below(Second.Length)]}";
        return type switch
        {
            "ETF" => $"{First[random.Below(First.Length)]} {Second[random.Below(Second.Length)]} Select ETF",
            "ETN" => stem + " Exchange Traded Notes",
            "FUND" => stem + " Income Fund",
            "ADRC" => stem + " Ltd. American Depositary Shares",
            "PFD" => stem + " Corp. Preferred Stock",
            "WARRANT" => stem + " Acquisition Corp. Warrants",
            "UNIT" => stem + " Acquisition Corp. Units",
            "RIGHT" => stem + " Acquisition Corp. Rights",
            _ => stem + (random.Below(3) == 0 ? " Corp." : " Inc."),
        };
    }
}
