namespace DataMaintenance.Alerts;

/// <summary>A way to tell people.</summary>
public interface IAlertChannel
{
    /// <summary><c>slack</c>, <c>webhook</c>, <c>email</c>: how deliveries are recorded.</summary>
    string Name { get; }

    /// <summary>Whether it takes every incident by itself, as programs do; people get those that came up together in one message.</summary>
    bool OneByOne => false;

    /// <exception cref="AlertException">It was not taken, or nobody knows whether it was.</exception>
    Task SendAsync(AlertMessage message, CancellationToken ct);
}

/// <summary>A channel did not take a message. The text names no secret.</summary>
public sealed class AlertException(string message, Exception? inner = null) : Exception(message, inner);
