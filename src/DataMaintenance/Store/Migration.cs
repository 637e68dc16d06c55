using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace DataMaintenance.Store;

/// <summary>One numbered step of a schema, forward only: an embedded file <c>Migrations/0001_tables.sql</c> in the engine's folder.</summary>
/// <param name="Version">From 1, without gaps.</param>
internal sealed record Migration(int Version, string Name, string Sql)
{
    /// <summary>SHA-256 of the text, hexadecimal: a step already applied may not change.</summary>
    public string Checksum { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Sql)));

    /// <summary>The engine's steps in order.</summary>
    /// <param name="engine">The folder below Store.</param>
    public static IReadOnlyList<Migration> Of(string engine)
    {
        var assembly = Assembly.GetExecutingAssembly();
        var prefix = $"DataMaintenance.Store.{engine}.Migrations.";
        return
        [
            .. from resource in assembly.GetManifestResourceNames()
               where resource.StartsWith(prefix, StringComparison.Ordinal)
               orderby resource
               let name = Path.GetFileNameWithoutExtension(resource[prefix.Length..])
               select new Migration(int.Parse(name[..4], CultureInfo.InvariantCulture), name, Read(assembly, resource)),
        ];
    }

    private static string Read(Assembly assembly, string resource)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
