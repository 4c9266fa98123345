// swift-tools-version: 6.1
import PackageDescription

let package = Package(
    name: "benchmarks",
    dependencies: [
        .package(name: "cards", path: ".."),
        // `traits: []` leaves out what counts allocations, which needs libraries that are not everywhere.
        .package(url: "https://github.com/ordo-one/benchmark", exact: "1.38.1", traits: []),
    ],
    targets: [
        .executableTarget(
            name: "Parts",
            dependencies: [
                .product(name: "Benchmark", package: "benchmark"),
                .product(name: "CardsEngine", package: "cards"),
            ],
            path: "Parts",
            plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")])
    ]
)
