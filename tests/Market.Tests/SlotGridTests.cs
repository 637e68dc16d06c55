namespace Market.Tests;

public sealed class SlotGridTests
{
    [Theory]
    [InlineData("03:59:59", -1, -1)]
    [InlineData("04:00:00", 0, -1)]
    [InlineData("04:04:59", 0, -1)]
    [InlineData("04:05:00", 1, -1)]
    [InlineData("09:29:59", 65, -1)]
    [InlineData("09:30:00", 66, 0)]
    [InlineData("15:59:59", 143, 77)]
    [InlineData("16:00:00", 144, -1)]
    [InlineData("19:55:00", 191, -1)]
    [InlineData("20:00:00", -1, -1)]
    public void A_slot_includes_its_start_and_excludes_its_end(string time, int extended, int regular) =>
        Assert.Equal((extended, regular), (SlotGrid.Extended.SlotOf(TimeOnly.Parse(time)), SlotGrid.Regular.SlotOf(TimeOnly.Parse(time))));

    [Fact]
    public void Every_slot_starts_in_itself()
    {
        foreach (var grid in new[] { SlotGrid.Extended, SlotGrid.Regular })
            for (var slot = 0; slot < grid.Count; slot++) Assert.Equal(slot, grid.SlotOf(grid.TimeOf(slot)));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(78)]
    public void A_slot_the_grid_lacks_has_no_time(int slot) => Assert.Throws<ArgumentOutOfRangeException>(() => SlotGrid.Regular.TimeOf(slot));
}
