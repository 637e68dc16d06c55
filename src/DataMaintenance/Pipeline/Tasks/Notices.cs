using System.Net.Http.Headers;
using System.Text;

namespace DataMaintenance.Pipeline.Tasks;

/// <summary>POSTs a JSON notice to the URLs of other programs. One that is down is a warning: the notice is also an event, and being down is theirs.</summary>
internal static class Notices
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <returns>How many URLs took it.</returns>
    public static async Task<int> PostAsync(HttpClient http, IEnumerable<Uri> urls, string json, TaskReport report, CancellationToken ct)
    {
        var reached = 0;
        foreach (var url in urls) reached += await TookAsync(http, url, json, report, ct) ? 1 : 0;
        return reached;
    }

    private static async Task<bool> TookAsync(HttpClient http, Uri url, string json, TaskReport report, CancellationToken ct)
    {
        try
        {
            using var content = new StringContent(json, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
            using var timeout = CancellationTokenSource.CreateLinkedTokenSource(ct);
            timeout.CancelAfter(Patience);
            using var reply = await http.PostAsync(url, content, timeout.Token);
            if (!reply.IsSuccessStatusCode) report.Warn($"{url.Host}:{url.Port} answered {(int)reply.StatusCode} to the notice");
            return reply.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            report.Warn($"{url.Host}:{url.Port} did not take the notice: {e.Message}");
            return false;
        }
    }
}
