using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;

namespace CrashHarness;

/// <summary>One start of the service on a scenario's work. How it ended is compared with what the journal says of it.</summary>
public sealed class Attempt : IDisposable
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(5) };
    private static readonly TimeSpan IdleBeforeAsking = TimeSpan.FromSeconds(3);
    private readonly Scenario scenario;
    private readonly string session;

    private Attempt(Running process, Scenario scenario, string session, bool onServer) => (Process, this.scenario, this.session, OnServer) = (process, scenario, session, onServer);

    public Running Process { get; }

    /// <summary>Whether its store is a PostgreSQL.</summary>
    public bool OnServer { get; }

    /// <summary>The name under which the journal knows it.</summary>
    public string Instance => $"{Environment.MachineName}-{Process.Id}";

    /// <summary>Whether it ended by itself and said that all is done.</summary>
    public bool SaidDone { get; private set; }

    /// <summary>A command always makes a run; a service that finds the session complete need not.</summary>
    public bool MakesARun => scenario != Scenario.Serving;

    /// <summary>Ended by a signal, so that the journal may hold a run without an end, or more than the exit code says.</summary>
    public bool WasSignalled { get; set; }

    public static Attempt Start(Lane lane, Site site, Scenario scenario, string session = Lane.Session) => new(
        Published.Start(lane.Settings(site, session), scenario == Scenario.Serving ? ["serve"] : ["run", "--date", session]), scenario, session, lane.Postgres is not null);

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
        var done = false;
        for (var idle = Stopwatch.StartNew(); !done && !Process.HasEnded; await Task.Delay(50, ct))
        {
            try
            {
                if (!await IsIdleAsync(url, ct)) idle.Restart();
                else if (await IsDoneAsync(url, ct)) done = true;
                else if (idle.Elapsed > IdleBeforeAsking) await TriggerAsync(url, ct);
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !ct.IsCancellationRequested)
            {
                // It is on its way down, or busy.
            }
        }

        if (!Process.HasEnded) Process.Signal(CrashHarness.Signal.Term);
        if (!await Process.EndedAsync(TimeSpan.FromSeconds(12))) return $"did not end within 12 s of SIGTERM: {Process.Said}";
        if (done && Process.ExitCode is not 0) return $"ended with {Process.ExitCode} on SIGTERM: {Process.Said}";
        SaidDone = done;
        return done ? null : $"the session is not done; {Process.Said}";
    }

    private async Task TriggerAsync(string url, CancellationToken ct)
    {
        using var body = new StringContent($$"""{"target_date":"{{session}}"}""", Encoding.UTF8, "application/json");
        using var reply = await Http.PostAsync(new Uri(url + "trigger"), body, ct);
    }

    private static async Task<bool> IsIdleAsync(string url, CancellationToken ct)
    {
        using var reply = await Http.GetAsync(new Uri(url + "health"), ct);
        var health = JsonNode.Parse(await reply.Content.ReadAsStringAsync(ct))!;
        return health["role"]?.GetValue<string>() == "leader" && health["run_in_progress"] is null;
    }

    private async Task<bool> IsDoneAsync(string url, CancellationToken ct)
    {
        try
        {
            var status = JsonNode.Parse(await Http.GetStringAsync(new Uri($"{url}status/{session}"), ct))!;
            // The last task of a whole run: a service that makes up for several sessions loads their facts in a run of some tasks first.
            if (status["details"]?["all_success"]?.GetValue<bool>() != true || status["details"]?["tasks"]?["notify_services"] is null) return false;
            // A Redis that came back empty has its values, and then its states, some time after the journal has its end.
            return await IsVerifiedAsync($"{url}api/verify", ct) && await IsVerifiedAsync($"{url}api/verify?date={session}", ct);
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static async Task<bool> IsVerifiedAsync(string url, CancellationToken ct) => JsonNode.Parse(await Http.GetStringAsync(new Uri(url), ct))!["verified"]!.GetValue<bool>();
}
