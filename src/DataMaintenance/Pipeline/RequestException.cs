namespace DataMaintenance.Pipeline;

/// <summary>Somebody asked for what cannot be: a Sunday, an unknown task, a range that runs backwards. One line, for the terminal and for HTTP alike.</summary>
public sealed class RequestException(string message) : Exception(message)
{
    /// <summary>The first sentence of an argument error, without the names and values that .NET appends.</summary>
    public static string Plain(ArgumentException e) => e.Message.Split(" (Parameter", 2)[0];
}
