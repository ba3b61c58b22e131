module github.com/clickgate/clickgate

go 1.26.0
