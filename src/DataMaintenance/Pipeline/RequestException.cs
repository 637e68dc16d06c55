namespace DataMaintenance.Pipeline;

/// <summary>Somebody asked for what cannot be: a Sunday, an unknown task, a range that runs backwards. One line, for the terminal and for HTTP alike.</summary>
public sealed class RequestException(string message) : Exception(message);
