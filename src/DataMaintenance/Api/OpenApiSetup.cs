using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace DataMaintenance.Api;

/// <summary><c>GET /openapi/v1.json</c>: every route with its parameters, answers, problems, and the key that changing calls need.</summary>
internal static class OpenApiSetup
{
    private const string KeyScheme = "ApiKey", BearerScheme = "Bearer";

    private static readonly Dictionary<string, string> Parameters = new(StringComparer.Ordinal)
    {
        ["symbol"] = "Case-sensitive, as the provider spells it.",
        ["symbols"] = "Separated by commas; case-sensitive.",
        ["date"] = "A session, New York date; absent for the newest.",
        ["from"] = "The first date, inclusive.",
        ["to"] = "The last date, inclusive.",
        ["as_of"] = "Splits executed up to this day adjust; absent for every one executed by now.",
        ["raw"] = "As fetched, not adjusted for splits.",
        ["limit"] = "How many at most.",
        ["prefix"] = "How the symbol begins, in any case.",
        ["against_prefix"] = "The key prefix of another service, which may be empty; the answer is then a comparison by family.",
        ["tolerance"] = "With against_prefix: the relative difference of numbers that counts as equal.",
        ["kind"] = string.Join(", ", Exports.Kinds),
        ["open"] = "Only open ones; true unless given.",
        ["id"] = "As it was answered when it began, or was found.",
    };

    private static readonly string[] Dates = ["date", "from", "to", "as_of"];

    public static void AddDocument(this IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new()
            {
                Title = "Data Maintenance",
                Version = typeof(OpenApiSetup).Assembly.GetName().Version?.ToString(3) ?? "0",
                Description = "Historical US-equity data, kept true and fresh. Instants are UTC with Z, days are New York dates (yyyy-MM-dd). Errors are problem documents (RFC 9457).",
            };
            document.Servers = [];
            document.Components ??= new();
            document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
            {
                [KeyScheme] = new OpenApiSecurityScheme { Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Header, Name = "X-Api-Key", Description = "The key of Api:Key, when one is set." },
                [BearerScheme] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "The same key as a bearer token." },
            };
            foreach (var path in document.Paths.Values)
                foreach (var (method, operation) in path.Operations ?? [])
                    if (method != HttpMethod.Get) operation.Security = [Need(KeyScheme, document), Need(BearerScheme, document)];
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, _, _) =>
        {
            foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>() ?? [])
            {
                parameter.Description ??= Parameters.GetValueOrDefault(parameter.Name ?? "");
                if (Dates.Contains(parameter.Name) && parameter.Schema is OpenApiSchema schema) (schema.Format, schema.Examples) = ("date", [JsonValue.Create("2025-12-01")]);
            }

            return Task.CompletedTask;
        });
        options.AddSchemaTransformer((schema, context, _) =>
        {
            var type = Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type;
            if (type == typeof(DateTimeOffset)) (schema.Type, schema.Format) = (JsonSchemaType.String | (type == context.JsonTypeInfo.Type ? 0 : JsonSchemaType.Null), "date-time");
            return Task.CompletedTask;
        });
    });

    private static OpenApiSecurityRequirement Need(string scheme, OpenApiDocument document) => new() { [new OpenApiSecuritySchemeReference(scheme, document)] = [] };
}
