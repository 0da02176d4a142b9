# Load for the rbspy fixture: methods, blocks, recursion, C functions.
# In: number of seconds. Out: nothing.
class Shop
  attr_reader :items

  def initialize(n)
    @items = Array.new(n) { |i| { id: i, name: "n#{i % 17}", price: (i * 7919) % 101 } }
  end

  def cheapest
    items.sort_by { |x| [x[:price], x[:id]] }.first
  end

  def self.total(list)
    list.map { |x| x[:price] }.inject { |a, b| a + b }
  end
end

def fib(n)
  n < 2 ? n : fib(n - 1) + fib(n - 2)
end

def text(n)
  ("user@host.example " * n).scan(/(\w+)@(\w+)/).size
end

def round
  shop = Shop.new(800)
  shop.cheapest
  Shop.total(shop.items)
  text(300)
  fib(17)
end

def worker(stop)
  round while Process.clock_gettime(Process::CLOCK_MONOTONIC) < stop
end

stop = Process.clock_gettime(Process::CLOCK_MONOTONIC) + Float(ARGV.fetch(0, "3"))
other = Thread.new { worker(stop) }
worker(stop)
other.join
