using System.Text;
using System.Text.Json.Nodes;

namespace CrashHarness;

/// <summary>One start of the service on a scenario's work. How it ended is compared with what the journal says of it.</summary>
public sealed class Attempt : IDisposable
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(5) };
    private readonly Scenario scenario;

    private Attempt(Running process, Scenario scenario) => (Process, this.scenario) = (process, scenario);

    public Running Process { get; }

    /// <summary>The name under which the journal knows it.</summary>
    public string Instance => $"{Environment.MachineName}-{Process.Id}";

    /// <summary>Whether it ended by itself and said that all is done.</summary>
    public bool SaidDone { get; private set; }

    /// <summary>Ended by a signal, so that the journal may hold a run without an end, or more than the exit code says.</summary>
    public bool WasSignalled { get; set; }

    public static Attempt Start(Lane lane, Site site, Scenario scenario) => new(
        Published.Start(lane.Settings(site), scenario == Scenario.Serving ? ["serve"] : ["run", "--date", Lane.Session]), scenario);

    /// <summary>Waits until the work is done, or the process has ended.</summary>
    /// <returns>Null when all is done; else why not.</returns>
    public async Task<string?> EndAsync(TimeSpan limit, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(limit);
        try
        {
            if (scenario == Scenario.Serving) return await ServeAsync(patience.Token);
            if (!await Process.EndedAsync(limit)) return $"still runs after {limit.TotalSeconds:0} s: {Process.Said}";
            SaidDone = Process.ExitCode == 0;
            return SaidDone ? null : $"ended with {Process.ExitCode?.ToString() ?? "a kill"}: {Process.Said}";
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return $"not done after {limit.TotalSeconds:0} s: {Process.Said}";
        }
    }

    public void Dispose() => Process.Dispose();

    private async Task<string?> ServeAsync(CancellationToken ct)
    {
        if (await Process.UntilSaysAsync("\"service_started\"", ct) is not { } line) return $"ended with {Process.ExitCode?.ToString() ?? "a kill"}: {Process.Said}";
        var url = JsonNode.Parse(line)!["url"]!.GetValue<string>();
        var triggered = false;
        while (!Process.HasEnded)
        {
            try
            {
                if (!triggered) triggered = await TriggerAsync(url, ct);
                else if (await IsIdleAsync(url, ct)) break;
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !ct.IsCancellationRequested)
            {
                // It is on its way down, or busy.
            }

            await Task.Delay(50, ct);
        }

        var done = !Process.HasEnded && await IsDoneAsync(url, ct);
        if (!Process.HasEnded) Process.Signal(CrashHarness.Signal.Term);
        if (!await Process.EndedAsync(TimeSpan.FromSeconds(12))) return $"did not end within 12 s of SIGTERM: {Process.Said}";
        if (done && Process.ExitCode != 0) return $"ended with {Process.ExitCode} on SIGTERM: {Process.Said}";
        SaidDone = done;
        return done ? null : $"the session is not done; {Process.Said}";
    }

    private static async Task<bool> TriggerAsync(string url, CancellationToken ct)
    {
        using var body = new StringContent($$"""{"target_date":"{{Lane.Session}}"}""", Encoding.UTF8, "application/json");
        using var reply = await Http.PostAsync(new Uri(url + "trigger"), body, ct);
        // 409: a run goes on already, and will do as well.
        return (int)reply.StatusCode is 202 or 409;
    }

    private static async Task<bool> IsIdleAsync(string url, CancellationToken ct)
    {
        using var reply = await Http.GetAsync(new Uri(url + "health"), ct);
        var health = JsonNode.Parse(await reply.Content.ReadAsStringAsync(ct))!;
        return health["role"]?.GetValue<string>() == "leader" && health["run_in_progress"] is null;
    }

    private static async Task<bool> IsDoneAsync(string url, CancellationToken ct)
    {
        try
        {
            var status = JsonNode.Parse(await Http.GetStringAsync(new Uri($"{url}status/{Lane.Session}"), ct))!;
            return status["details"]?["all_success"]?.GetValue<bool>() == true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
