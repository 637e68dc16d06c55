namespace DataMaintenance.Alerts;

/// <summary>A channel during a drill: every message says that it is of one.</summary>
internal sealed class DrillChannel(IAlertChannel channel) : IAlertChannel
{
    public string Name => channel.Name;
    public bool OneByOne => channel.OneByOne;

    public Task SendAsync(AlertMessage message, CancellationToken ct) => channel.SendAsync(message with { Title = $"DRILL: {message.Title}" }, ct);
}
