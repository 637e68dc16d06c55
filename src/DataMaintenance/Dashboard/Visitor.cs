namespace DataMaintenance.Dashboard;

/// <summary>A person with a browser, who is answered with a page where a program gets JSON.</summary>
internal static class Visitor
{
    /// <summary>Whether it asks for a page: browsers do when an address is opened or a link followed.</summary>
    public static bool WantsPage(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) && request.GetTypedHeaders().Accept.Any(a => a.MediaType.Equals("text/html", StringComparison.OrdinalIgnoreCase));
}
