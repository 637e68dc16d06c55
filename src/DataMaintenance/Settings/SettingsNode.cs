using System.Collections.Concurrent;
using System.ComponentModel.DataAnnotations;
using System.Reflection;

namespace DataMaintenance.Settings;

/// <summary>The shape of a part of the configuration, read off the options classes.</summary>
internal abstract record SettingsNode
{
    private static readonly ConcurrentDictionary<Type, SettingsNode> Groups = new();

    /// <summary>One value.</summary>
    public sealed record Leaf(Type Type, bool Nullable, RangeAttribute? Range, bool MayBeEmpty) : SettingsNode;

    /// <summary>Items numbered from 0, or, when they are single values, one text with commas.</summary>
    public sealed record Many(Type ItemType, SettingsNode Item) : SettingsNode;

    /// <summary>Items by a name of the user's choice.</summary>
    public sealed record Named(Type ItemType, SettingsNode Item) : SettingsNode;

    /// <summary>An options class, a setting a property.</summary>
    public sealed record Group(Type Type, IReadOnlyList<Member> Members) : SettingsNode;

    /// <param name="Required">The class has no default for it.</param>
    public sealed record Member(string Name, PropertyInfo Property, SettingsNode Node, bool Required);

    /// <summary>The node of an options class; properties without a public setter are no settings.</summary>
    public static Group Of(Type options, Func<PropertyInfo, string>? name = null) => new(options,
        [.. options.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.SetMethod is { IsPublic: true }).Select(p => new Member(
            name?.Invoke(p) ?? p.Name, p, Of(p.PropertyType, p),
            p.IsDefined(typeof(System.Runtime.CompilerServices.RequiredMemberAttribute)) || (options.IsValueType && !MayBeNull(p))))]);

    private static SettingsNode Of(Type type, PropertyInfo property)
    {
        if (SettingText.Reads(type))
            return new Leaf(System.Nullable.GetUnderlyingType(type) ?? type, MayBeNull(property), property.GetCustomAttribute<RangeAttribute>(), !property.IsDefined(typeof(MinLengthAttribute)));
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
            return new Many(type.GenericTypeArguments[0], OfItem(type.GenericTypeArguments[0]));
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>) && type.GenericTypeArguments[0] == typeof(string))
            return new Named(type.GenericTypeArguments[1], OfItem(type.GenericTypeArguments[1]));
        return Groups.GetOrAdd(type, t => Of(t));
    }

    private static SettingsNode OfItem(Type type) => SettingText.Reads(type) ? new Leaf(type, Nullable: false, Range: null, MayBeEmpty: false) : Groups.GetOrAdd(type, t => Of(t));

    private static bool MayBeNull(PropertyInfo property) =>
        property.PropertyType.IsValueType ? System.Nullable.GetUnderlyingType(property.PropertyType) is not null : new NullabilityInfoContext().Create(property).WriteState == NullabilityState.Nullable;
}
