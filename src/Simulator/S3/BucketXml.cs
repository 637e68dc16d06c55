using System.Globalization;
using System.Text;
using System.Xml.Linq;
using Simulator.Rest;

namespace Simulator.S3;

/// <summary>Listings and refusals as S3 writes them.</summary>
internal static class BucketXml
{
    internal const int MostKeys = 1_000;
    private static readonly XNamespace Space = "http://s3.amazonaws.com/doc/2006-03-01/";

    internal static Reply Error(int status, string code, string message, string requestId) =>
        Text(status, new XElement("Error", new XElement("Code", code), new XElement("Message", message), new XElement("RequestId", requestId)));

    /// <param name="next">The token of the next page; null on the last.</param>
    internal static Reply Listing(string prefix, string? delimiter, int most, IReadOnlyList<StoredFile> files, IReadOnlyList<string> folders, string? next) =>
        Text(200, new XElement(Space + "ListBucketResult",
            Element("Name", FilesOptions.Bucket),
            Element("Prefix", prefix),
            delimiter is null ? null : Element("Delimiter", delimiter),
            Element("MaxKeys", most),
            Element("KeyCount", files.Count + folders.Count),
            Element("IsTruncated", next is not null),
            next is null ? null : Element("NextContinuationToken", next),
            files.Select(file => new XElement(Space + "Contents",
                Element("Key", file.Key),
                Element("LastModified", file.LastModified.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)),
                Element("ETag", file.ETag),
                Element("Size", file.Length),
                Element("StorageClass", "STANDARD"))),
            folders.Select(folder => new XElement(Space + "CommonPrefixes", Element("Prefix", folder)))));

    private static XElement Element(string name, object value) => new(Space + name, value);

    private static Reply Text(int status, XElement root)
    {
        var body = new JsonBuffer(4_096);
        body.Write(Encoding.UTF8.GetBytes("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + root.ToString(SaveOptions.DisableFormatting)));
        return new Reply(status, body, "application/xml");
    }
}
