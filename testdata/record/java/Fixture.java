// Load for the JVM fixtures: lambdas, inner classes, recursion, collections,
// allocation and lock contention on two named threads.
// In: seconds. Out: a checksum on stdout.
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

public class Fixture {
    static final Object LOCK = new Object();
    static volatile long sink;

    static int fib(int n) {
        return n < 2 ? n : fib(n - 1) + fib(n - 2);
    }

    static final class Shop {
        final Map<String, List<int[]>> items = new HashMap<>();

        Shop(int n) {
            for (int i = 0; i < n; i++) {
                items.computeIfAbsent("n" + i % 97, k -> new ArrayList<>()).add(new int[] {i, i * 7919 % 101});
            }
        }

        int cheapest() {
            return items.values().stream().flatMap(List::stream).mapToInt(x -> x[1]).sorted().sum();
        }
    }

    static int text(int n) {
        Matcher m = Pattern.compile("(\\w+)@(\\w+)").matcher("user@host.example ".repeat(n));
        int found = 0;
        while (m.find()) {
            found += m.group(2).length();
        }
        return found;
    }

    static void round() {
        IntUnaryOperator f = n -> fib(n) + 1;
        long sum = new Shop(800).cheapest() + text(200) + f.applyAsInt(18);
        synchronized (LOCK) {
            sink += sum + fib(15);
        }
    }

    public static void main(String[] args) throws Exception {
        long until = System.nanoTime() + (long) (Double.parseDouble(args[0]) * 1e9);
        Runnable work = () -> {
            while (System.nanoTime() < until) {
                round();
            }
        };
        Thread a = new Thread(work, "worker-1");
        Thread b = new Thread(work, "worker 2");
        a.start();
        b.start();
        a.join();
        b.join();
        System.out.println(sink);
    }
}
