namespace DataMaintenance.Tests.Provider;

/// <summary>Recorded data that may lie beside the repository; tests that need it skip where it does not.</summary>
internal static class SharedFolder
{
    public static string Of(params ReadOnlySpan<string> parts)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (!File.Exists(Path.Combine(folder.FullName, "DataMaintenance.slnx"))) continue;
            var path = Path.Combine([folder.Parent!.FullName, "shared", .. parts]);
            Assert.SkipUnless(Path.Exists(path), $"{Path.Combine(["../shared", .. parts])} is not there.");
            return path;
        }
        Assert.Skip("The repository's root was not found above the tests.");
        return "";
    }
}
