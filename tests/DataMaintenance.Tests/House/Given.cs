using DataMaintenance.Settings;

namespace DataMaintenance.Tests.House;

/// <summary>A working folder of its own, with the settings files and the environment of one test.</summary>
internal sealed class Given : IDisposable
{
    private readonly Dictionary<string, string> environment = [];
    private string? config;

    public string Folder { get; } = Directory.CreateTempSubdirectory("settings").FullName;

    public Given Variable(string name, string text)
    {
        environment[name] = text;
        return this;
    }

    public Given File(string name, string text)
    {
        System.IO.File.WriteAllText(Path.Combine(Folder, name), text);
        return this;
    }

    public Given Config(string name)
    {
        config = name;
        return this;
    }

    public ServiceSettings Load(params (string Name, string? Text)[] overrides) =>
        ServiceSettings.LoadFrom(new SettingsSources(Path.Combine(Folder, "program"), Folder, config, environment, overrides.ToDictionary(o => o.Name, o => o.Text)));

    public IReadOnlyList<string> Mistakes() => Assert.Throws<SettingsException>(() => Load()).Mistakes;

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
