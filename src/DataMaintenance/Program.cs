Console.WriteLine("data-maintenance");
