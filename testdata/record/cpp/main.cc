// Load for the gperftools fixtures: templates, virtual calls,
// threads, allocations. In: nothing. Out: a checksum on stdout.
#include <chrono>
#include <cstdio>
#include <map>
#include <string>
#include <thread>
#include <vector>

namespace {
volatile unsigned long sink;
}

namespace fixture {

template <typename T> __attribute__((noinline)) T fold(const std::vector<T> &v)
{
	T sum = T();
	for (int r = 0; r < 50; r++)
		for (const T &x : v)
			sum = sum * 3 + x;
	return sum;
}

struct Job {
	virtual ~Job() = default;
	virtual unsigned long run(unsigned n) = 0;
};

struct Numbers : Job {
	unsigned long run(unsigned n) override
	{
		std::vector<unsigned long> a(n, 7);
		std::vector<double> b(n, 1e-9);
		return fold(a) + (unsigned long)fold(b);
	}
};

struct Words : Job {
	std::map<std::string, int> seen;
	unsigned long run(unsigned n) override
	{
		for (unsigned i = 0; i < n; i++)
			seen["key-with-a-long-name-" + std::to_string(i % 701)] += i;
		return seen.size();
	}
	bool operator()(int a, int b) { return seen.size() + a < (unsigned)b; }
};

__attribute__((noinline)) unsigned long fib(int n)
{
	return n < 2 ? n : fib(n - 1) + fib(n - 2);
}

} // namespace fixture

static void work(int ms)
{
	auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(ms);
	fixture::Numbers numbers;
	fixture::Words words;
	fixture::Job *jobs[] = {&numbers, &words};
	unsigned long sum = 0;
	while (std::chrono::steady_clock::now() < until) {
		for (fixture::Job *j : jobs)
			sum += j->run(300);
		sum += fixture::fib(16);
		auto lambda = [&](int n) { return fixture::fib(n) + words(1, n); };
		sum += lambda(14);
	}
	sink = sink + sum;
}

int main()
{
	std::thread other(work, 2500);
	work(2500);
	other.join();
	std::vector<std::vector<char>> keep;
	for (int i = 0; i < 3000; i++)
		keep.emplace_back(16u << (i % 10));
	std::printf("%lu %zu\n", sink, keep.size());
	return 0;
}
