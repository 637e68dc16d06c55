namespace DataMaintenance.Tests.House;

/// <summary>Tests of a promise in seconds: they run after all others, one by one, so that it is the service's time that counts.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
